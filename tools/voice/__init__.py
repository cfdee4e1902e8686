"""The maker of the shipped voice models: synthetic speech in, a Vosk model directory out."""
