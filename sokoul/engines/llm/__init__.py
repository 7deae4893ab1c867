"""Local models through llama.cpp, each in a process of its own."""
