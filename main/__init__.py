"""Settings, the composition root, the command line and the WSGI target. Nobody imports it."""
