"""A page of the site that comes alive where it stands."""

PATIENCE = 400_000  # milliseconds until all cells have run, beside other work
ALIVE = "() => document.querySelector('#alive').innerText.includes('is alive')"
FIGURE = ".output:not(.coming) .widget-vbox:has(> .lecture canvas[data-drawn])"


class Living:
    """A page of the site, and what of it went wrong."""

    def __init__(self, page, address, name):
        self.page, self.wrong = page, []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.goto(f"{address[0]}/pages/{name if '.html' in name else f'{name}.html'}")
        page.evaluate("MathJax.startup.promise")

    def wake(self):
        self.page.click("#alive button")
        self.page.wait_for_function(ALIVE, timeout=PATIENCE)

    def cell(self, words):
        """Return the cell of code that holds these words."""
        return self.page.locator(".code_cell").filter(has_text=words).last
