"""The figures that the README claims, each one command."""
