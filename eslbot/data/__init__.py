"""Where the files that ship with eslbot are: models, prompts, dialogues. Knows their places, not what is in them."""

from pathlib import Path

ROOT = Path(__file__).parent
LANGUAGES = ("zh", "en")
MODELS = ("demo-zh", "demo-en")


def model(name: str) -> Path:
    """Directory of a shipped Vosk model. Raises ValueError, with the names there are, for another name."""
    if name not in MODELS:
        raise ValueError(f"no shipped model {name!r}: there are {', '.join(MODELS)}")
    return ROOT / "models" / name


def prompts(language: str) -> Path:
    """Directory of the shipped prompts: prompts.toml and one WAV a prompt. Raises ValueError for another language."""
    return ROOT / "prompts" / _language(language)


def dialogues(language: str) -> Path:
    """Directory of the demo's dialogues, one directory each. Raises ValueError for another language."""
    return ROOT / "dialogues" / _language(language)


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"nothing ships in language {language!r}: there are {', '.join(LANGUAGES)}")
    return language
