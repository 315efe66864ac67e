"""Our certificates, handed to other people's verifiers (外部核验)."""
