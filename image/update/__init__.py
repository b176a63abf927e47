"""Updates: how a bundle is made, and how the whole way from one system to the next is tried out."""
