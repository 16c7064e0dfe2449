"""What a program answers: responses, serializers, error handlers, and their schemas."""
