"""What a program reads of a request and demands of it, and who may ask."""
