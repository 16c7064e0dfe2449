"""The OpenAPI document as a value. This room knows neither Flask nor comparing."""
