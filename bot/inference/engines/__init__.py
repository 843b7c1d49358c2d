"""The only modules that import inference libraries."""
