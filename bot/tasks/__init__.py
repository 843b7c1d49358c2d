"""Pipelines: plain functions around one model call."""
