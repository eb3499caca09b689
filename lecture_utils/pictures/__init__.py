"""First floor, matplotlib: the lecture's style, drawings, and frames painted fast."""
