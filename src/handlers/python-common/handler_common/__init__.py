"""What the Python handlers share: HTTP events in, guarded fetches, pictures, models, and answers out."""
