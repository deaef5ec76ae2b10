"""What readers ask: the engine that resolves facts at a point, the read model, and one file for each view."""
