"""How many calls a machine carries: the listening half under load, by itself. No part of the service that runs."""
