"""What every local provider is made of: HTTP on 127.0.0.1, calls that are recorded, troubles that are played."""
