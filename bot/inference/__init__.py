"""Language models: catalog, weights, the shared manager and its engines."""
