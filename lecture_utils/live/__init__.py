"""Second floor, ipywidgets: figures with controls that answer at once."""
