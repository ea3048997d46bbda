"""examples/vote.sgl, examples/tree_of_thought.sgl and programs like them; checking of answers; small arithmetic."""

from __future__ import annotations

import re
from functools import lru_cache, partial

from sglc.backend.engine.tiny.corpus.arithmetic import exercise
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.problems import Problem, problem, ride
from sglc.backend.engine.tiny.corpus.programs import EXAMPLES, Source, written
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.backend.engine.tiny.corpus.wordings import wording
from sglc.ir.decode import to_json


@lru_cache(maxsize=8)
def single(name: str) -> Source:
    """An example with one branch in place of several: the same prompts, each once."""
    text = (EXAMPLES / f"{name}.sgl").read_text("utf-8")
    text = re.sub(r"in range\([35]\)", "in range(1)", text).replace("n=5, temperature=0.7", "n=2, temperature=0.7")
    return written(text[: text.index("\ntest ")])


def last_number(text: str) -> int | None:
    found = re.findall(r"\d+", text)
    return int(found[-1]) if found else None


def vote(draw: Draw) -> Case:
    this = problem(draw, "en")
    return Case(
        program=single("vote"),
        function="vote",
        args={"question": this.question},
        teacher=lambda path, told: this.steps if path.endswith("thought") else str(this.result),
        check=lambda value: bool(value == this.result),
    )


def guess(draw: Draw) -> Case:
    """The result at once, without room for steps: small numbers."""
    this = problem(draw, "en", most=20)
    return Case(
        program=single("vote"),
        function="guess",
        args={"question": this.question},
        teacher=lambda path, told: str(this.result),
        check=lambda value: bool(value == this.result),
    )


_SOLVE = """def solve(question: str) -> int:
    user: "{ask}"
    assistant: "{before}{{gen thought: str with max_tokens=64, stop="\\n"}}\\n{label}{{gen result: int(min=0, max=9999)}}"
    return result
"""
_SOLVE_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "ask": (
            "{question} Think first, then give the number.",
            "Solve step by step.\\n{question}",
            "Problem: {question}\\nShow the steps and then the result.",
            "{question}",
            "{question}\\nThink in one sentence.",
            "Here is a question: {question} What is the number?",
        ),
        "before": ("", "", "Thought: ", "Steps: "),
        "label": ("Result: ", "Number: ", "Answer: ", "The answer is ", "= "),
    },
    "zh": {
        "ask": (
            "{question}先想一句话,再给出数字。",
            "请一步一步地算。\\n{question}",
            "{question}",
            "题目:{question}\\n写出过程,然后写结果。",
            "请解答:{question}",
        ),
        "before": ("", "", "过程:", "思考:"),
        "label": ("结果:", "答案:", "答案是", "得数:"),
    },
}


def solve(draw: Draw, language: str) -> Case:
    this = ride(draw, language) if draw.chance(0.2) else problem(draw, language)
    return Case(
        program=written(_SOLVE.format(**wording(draw, _SOLVE_WORDS[language], 100))),
        function="solve",
        args={"question": this.question},
        teacher=lambda path, told: this.steps if path.endswith("thought") else str(this.result),
        check=lambda value: bool(value == this.result),
    )


def answer_to(this: Problem, language: str, result: int) -> str:
    end = f" The result is {result}{this.unit}." if language == "en" else f"结果是{result}{this.unit}。"
    return this.steps + end


def reflection(this: Problem, language: str, said: int) -> str:
    """The right result first, so that the comparison has something to look at."""
    same = said == this.result
    if language == "en":
        return f"It should be {this.result}, {'and' if same else 'but'} the answer says {said}."
    return f"应该是{this.result},{'答案也是' if same else '答案却是'}{said}。"


def tree(draw: Draw) -> Case:
    this = ride(draw, "en") if draw.chance(0.4) else problem(draw, "en")
    answer = answer_to(this, "en", this.result)

    def teacher(path: str, told: str) -> str:
        if path.endswith("grade"):
            return "9"
        if path.endswith("why"):
            return reflection(this, "en", this.result)
        return answer if "tried" in path else this.plan

    return Case(
        program=single("tree_of_thought"),
        function="tree",
        args={"question": this.question},
        teacher=teacher,
        check=lambda value: last_number(value) == this.result,
    )


_GRADE = """type Score = int(min=1, max=10)


def grade(question: str, answer: str) -> Score:
    user: question
    {first}
    user: "{ask}"
    assistant: "{before}{{gen why: str with stop="{mark}", max_tokens=48}}{gap}{mark} {{gen grade: Score}}"
    return grade
"""
_GRADE_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "first": (
            "assistant: answer",
            "assistant: answer",
            'user: "Answer: {answer}"',
            'user: "A pupil says: {answer}"',
        ),
        "ask": (
            "Reflect on the answer, then grade it from 1 to 10.",
            "Reflect on the answer, then grade it from 1 to 10.",
            "Grade the answer from 1 to 10.",
            "Is the answer right? Check it, then give a grade from 1 (wrong) to 10.",
            "Check the result and grade it.",
        ),
        "before": ("", "", "Check: "),
        "mark": ("Grade:", "Grade:", "Score:"),
        "gap": (" ", " ", "  ", "\\n"),
    },
    "zh": {
        "first": ("assistant: answer", 'user: "回答:{answer}"', 'user: "学生的回答:{answer}"'),
        "ask": ("想一想这个回答,再给出1到10分。", "请检查回答,然后打分(1到10)。", "这个回答对吗?检查后打分。"),
        "before": ("", "检查:"),
        "mark": ("分数:", "得分:"),
        "gap": ("",),
    },
}


def grade(draw: Draw, language: str) -> Case:
    """A right answer, or one with a wrong step, is told; what has to be said is only the check and the grade."""
    this = ride(draw, language) if draw.chance(0.3) else problem(draw, language)
    right = draw.chance(0.5)
    slips = (1, -1, 2, 5, 10, -10, 20, 100) if this.result > 12 else (1, 2, 3, 10)
    said = this.result if right else this.result + draw.any(slips)
    full = answer_to(this, language, said)
    if not right:
        # The slip is in the last step, and the result follows it.
        full = re.sub(rf"(is |等于){this.result}(?=[.。])", rf"\g<1>{said}", full)
    bare = answer_to(this, language, said)[len(this.steps) :].strip()
    short = draw.chance(0.3)
    wanted = (8 if short else 9) if right else 2
    parts = wording(draw, _GRADE_WORDS[language], 80)
    why = reflection(this, language, said)
    return Case(
        program=written(_GRADE.format(**parts)),
        function="grade",
        args={"question": this.question, "answer": bare if short else full},
        teacher=lambda path, told: str(wanted) if path.endswith("grade") else why,
        check=lambda value: (value >= 7) == right,
    )


_ARITHMETIC = {
    "plain": 'def f(question: str) -> int:\n    "{before}{{question}}\\n{label}{{gen answer: int}}"\n    return answer\n',
    "chat": 'def f(question: str) -> int:\n    user: "{before}{{question}}"\n    assistant: gen answer: int\n    return answer\n',
    "label": 'def f(question: str) -> int:\n    user: "{before}{{question}}"\n'
    '    assistant: "{label}{{gen answer: int}}"\n    return answer\n',
    "record": 'type R:\n    {field}: int\n\n\ndef f(question: str) -> int:\n    user: "{before}{{question}}\\n{{describe(R)}}"\n'
    "    assistant: gen answer: R\n    return answer.{field}\n",
}
_ARITHMETIC_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "shape": ("plain", "chat", "chat", "label", "record"),
        "before": ("", "", "", "Question: ", "Compute: ", "Answer with a number. ", "Please calculate. ", "Q: "),
        "label": ("Answer: ", "Number: ", "Result: ", "A: ", "The answer is "),
        "field": ("result", "answer", "value", "number", "total"),
    },
    "zh": {
        "shape": ("plain", "chat", "chat", "label", "record"),
        "before": ("", "", "问题:", "请计算:", "只回答数字。", "算一算:"),
        "label": ("答案:", "结果:", "答:", "得数:"),
        "field": ("result", "answer", "value", "number"),
    },
}


def arithmetic(draw: Draw, language: str) -> Case:
    question, result = exercise(draw, language)
    parts = wording(draw, _ARITHMETIC_WORDS[language], 100)
    reply = to_json({parts["field"]: result}) if parts["shape"] == "record" else str(result)
    return Case(
        program=written(_ARITHMETIC[parts.pop("shape")].format(**parts)),
        function="f",
        args={"question": question},
        teacher=lambda path, told: reply,
        check=lambda value: bool(value == result),
    )


_ASK = """def ask(question: str) -> str:
    {system}user: {user}
    assistant: gen answer: str with max_tokens=96{stop}
    return answer
"""
_ASK_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "system": ("", "", 'system: "You are a careful assistant."\n    ', 'system: "You teach children."\n    '),
        "user": (
            "question",
            "question",
            '"Question: {question}"',
            '"{question} Show your steps."',
            '"Please help me: {question}"',
        ),
        "stop": ("", "", ', stop="\\n\\n"', ', stop="\\n"'),
    },
    "zh": {
        "system": ("", 'system: "你是一个细心的助手。"\n    ', 'system: "你是小学老师。"\n    '),
        "user": ("question", "question", '"问题:{question}"', '"{question}请写出过程。"', '"请帮帮我:{question}"'),
        "stop": ("", "", ', stop="\\n"'),
    },
}


def ask(draw: Draw, language: str) -> Case:
    """The answer as a free text: steps and result, or the result alone where there are no steps."""
    if draw.chance(0.3):
        question, result = exercise(draw, language)
        while language == "zh" and not re.search("[\u4e00-\u9fff]", question):
            # Signs alone do not tell in which language to answer.
            question, result = exercise(draw, language)
        reply = f"The result is {result}." if language == "en" else f"结果是{result}。"
    else:
        this = ride(draw, language) if draw.chance(0.2) else problem(draw, language)
        question, result = this.question, this.result
        reply = answer_to(this, language, result)
    return Case(
        program=written(_ASK.format(**wording(draw, _ASK_WORDS[language], 40))),
        function="ask",
        args={"question": question},
        teacher=lambda path, told: reply,
        check=lambda value: last_number(value) == result,
    )


TASKS = (
    Task("vote", "arithmetic", "en", vote, 2.0),
    Task("vote_guess", "arithmetic", "en", guess, 1.0),
    Task("solve", "arithmetic", "en", partial(solve, language="en"), 2.5),
    Task("solve_zh", "arithmetic", "zh", partial(solve, language="zh"), 2.5),
    Task("ask_number", "arithmetic", "en", partial(ask, language="en"), 1.5),
    Task("ask_number_zh", "arithmetic", "zh", partial(ask, language="zh"), 1.5),
    Task("tree_of_thought", "plan", "en", tree, 1.0),
    Task("grade", "judgement", "en", partial(grade, language="en"), 0.7),
    Task("grade_zh", "judgement", "zh", partial(grade, language="zh"), 0.6),
    Task("arithmetic", "arithmetic", "en", partial(arithmetic, language="en"), 3.0),
    Task("arithmetic_zh", "arithmetic", "zh", partial(arithmetic, language="zh"), 2.5),
)
