"""What the patient sees: a process of its own, and the only room that knows Kivy."""
