"""Cover of planned duty, the reasons of absences, and when they ask for another lawyer."""
