"""What several tasks share: their data, and four ways to write the same training loop."""
