"""All tasks, in one tuple: the only place where a task enrolls."""

from __future__ import annotations

from sglc.backend.engine.tiny.corpus import (
    assistant,
    characters,
    chat,
    cities,
    desk,
    extraction,
    judging,
    kefu,
    labels,
    numbers,
    offers,
    passages,
    products,
    react,
    rewriting,
    shop,
    stories,
    support,
    tips,
    tool_choice,
    topics,
    trip,
)
from sglc.backend.engine.tiny.corpus.talk import Task

TASKS: tuple[Task, ...] = (
    *support.TASKS,
    *kefu.TASKS,
    *desk.TASKS,
    *chat.TASKS,
    *shop.TASKS,
    *assistant.TASKS,
    *rewriting.TASKS,
    *passages.TASKS,
    *react.TASKS,
    *labels.TASKS,
    *tool_choice.TASKS,
    *extraction.TASKS,
    *trip.TASKS,
    *numbers.TASKS,
    *topics.TASKS,
    *products.TASKS,
    *judging.TASKS,
    *cities.TASKS,
    *characters.TASKS,
    *tips.TASKS,
    *stories.TASKS,
    *offers.TASKS,
)
