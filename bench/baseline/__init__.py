"""What the portal is measured against: small Django views that do the least for the same job, on the same database."""
