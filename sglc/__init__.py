"""sglc compiles programs that use a language model and runs them on its own engine."""

__version__ = "0.1.0"
