"""The two documents as comparing sees them: schemas by place, operations by URL, what is the same in both."""
