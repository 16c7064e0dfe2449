"""What extensions do around a view, where it is not in the view's code."""
