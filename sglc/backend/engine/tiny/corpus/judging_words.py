"""What is said of essays, and how rules and cases are put. The parts of essays are lists/essay_*.txt."""

from __future__ import annotations

from sglc.backend.engine.tiny.corpus.slots import listed

NOTES: dict[str, dict[str, str]] = {
    "en": {
        "clear": 'It is clear: "{quote}" says at once what is meant.',
        "long": 'It is hard to follow: the sentence from "{quote}" on is too long.',
        "original": 'It is original: "{quote}" is a fresh picture.',
        "common": 'It is not original: "{quote}" is a common idea.',
        "proof": 'It gives evidence: "{quote}"',
        "none": "It gives no evidence: no study, no number, no source.",
    },
    "zh": {
        "clear": "表达清楚:“{quote}”一看就懂。",
        "long": "不容易读懂:从“{quote}”开始的句子太长了。",
        "original": "有新意:“{quote}”是新鲜的比喻。",
        "common": "没有新意:“{quote}”是常见的想法。",
        "proof": "有证据:“{quote}”",
        "none": "没有证据:没有研究、数字和来源。",
    },
}


def rules(language: str) -> tuple[str, ...]:
    """lists/rules.txt: direction, unit, lowest and highest limit, rule, case."""
    return listed("rules" if language == "en" else "rules.zh")


VERDICTS: dict[str, dict[str, str]] = {
    "en": {
        "most": "{v} {u} is {side} the maximum of {l} {u}.",
        "least": "{v} {u} is {side} the minimum of {l} {u}.",
    },
    "zh": {"most": "{v}{u}{side}上限{l}{u}。", "least": "{v}{u}{side}下限{l}{u}。"},
}
"""Which of the numbers is larger comes before what follows from it."""
SIDES: dict[str, tuple[str, str, str]] = {
    "en": ("less than", "equal to", "more than"),
    "zh": ("低于", "等于", "高于"),
}

DECIDE_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "name": (
            *("Verdict", "Decision", "Judgement", "Check", "Ruling", "Result", "Answer", "Finding", "Outcome", "Reply"),
            *("Opinion", "Review", "Control", "Test", "Approval", "Clearance"),
        ),
        "flag": (
            *("allowed", "ok", "fits", "accepted", "verdict", "passes", "fine", "permitted", "valid", "keeps_rule"),
            *("approved", "in_order", "follows_rule", "granted", "decision", "complies", "is_allowed", "meets_rule"),
            *("within_rule", "answer", "correct", "legal", "may_pass", "good"),
        ),
        "type": (
            *("bool", "bool", "bool", "bool", "bool", "bool", "bool", '"yes" | "no"', '"yes" | "no"', '"yes" | "no"'),
            *('"accept" | "reject"', '"accept" | "reject"', '"allowed" | "forbidden"', '"pass" | "fail"'),
            *('"approve" | "refuse"', '"ok" | "not ok"', '"kept" | "broken"', '"fine" | "too bad"', '"go" | "stop"'),
            '"right" | "wrong"',
        ),
        "why": (
            *("reason", "why", "because", "explanation", "grounds", "comment", "note", "cause", "remark", "argument"),
            *("thought", "motive", "basis", "details", "justification", "check_text"),
        ),
        "order": ("flag", "why", "why"),
        "system": (
            *("", "", "", "", "", "", ""),
            *(
                f'system: "{text}"\n    '
                for text in (
                    "You decide by the rules.",
                    "Be short and exact.",
                    "You check requests of customers.",
                    "Compare the numbers carefully.",
                    "You work in an office that checks cases.",
                    "You are a fair judge.",
                    "Rules are rules.",
                    "You help the staff to decide.",
                    "Decide strictly by what the rule says.",
                )
            ),
        ),
        "ask": (
            "Rule: {rule}\\nCase: {case}\\n",
            "{rule}\\n{case}\\nIs that fine?\\n",
            "Does the case keep the rule?\\nThe rule: {rule}\\nThe case: {case}\\n",
            "{case} The rule says: {rule} Decide.\\n",
            "Decide and give a reason.\\n{rule}\\n{case}\\n",
            "Our rule: {rule}\\nWhat happened: {case}\\nMay it be?\\n",
            "Case: {case}\\nRule: {rule}\\n",
            "Check this.\\n- rule: {rule}\\n- case: {case}\\n",
            "{rule} Now a case: {case} Is the rule kept?\\n",
            "What do you decide? {case}\\n\\n{rule}\\n",
            "Please judge by the rule.\\nRule: {rule}\\nFacts: {case}\\n",
            "[Rule] {rule}\\n[Case] {case}\\n",
            "Policy: {rule}\\nRequest: {case}\\nYour decision?\\n",
            "We have this policy: {rule} A clerk reports: {case} Is it allowed?\\n",
            "{case}\\nIs this in order? The house rules say: {rule}\\n",
            "From the rules: {rule}\\nFrom the log: {case}\\nFill in the form.\\n",
            "Tell me whether this is allowed: {case} ({rule})\\n",
            "Terms: {rule}\\nSituation: {case}\\nCompare the two.\\n",
            "Question: is the rule kept?\\nRule: {rule}\\nCase: {case}\\n",
            "Read the rule first: {rule}\\nThen the case: {case}\\nThen decide.\\n",
        ),
    },
    "zh": {
        "name": (
            *("Verdict", "Decision", "Check", "Ruling", "Result", "Answer", "Finding", "Outcome", "Review", "Test"),
            *("Opinion", "Approval"),
        ),
        "flag": (
            *("allowed", "ok", "accepted", "verdict", "fits", "passes", "valid", "approved", "permitted", "decision"),
            *("complies", "granted", "is_allowed", "fine", "legal", "within_rule"),
        ),
        "type": (
            *("bool", "bool", "bool", "bool", '"是" | "否"', '"是" | "否"', '"可以" | "不可以"', '"可以" | "不可以"'),
            *('"通过" | "不通过"', '"同意" | "拒绝"', '"合格" | "不合格"', '"符合" | "违反"'),
        ),
        "why": (
            *("reason", "why", "explanation", "grounds", "comment", "note", "cause", "remark", "thought", "basis"),
            *("details", "argument"),
        ),
        "order": ("flag", "why", "why"),
        "system": (
            *("", "", "", "", ""),
            *(
                f'system: "{text}"\n    '
                for text in (
                    "你按规定做决定。",
                    "回答要简短准确。",
                    "你负责审核申请。",
                    "请仔细比较数字。",
                    "你是公正的审核员。",
                    "一切按规定办。",
                    "你帮助工作人员做判断。",
                )
            ),
        ),
        "ask": (
            "规定:{rule}\\n情况:{case}\\n",
            "{rule}\\n{case}\\n这样可以吗?\\n",
            "{case}规定是:{rule}请判断。\\n",
            "请判断并说明理由。\\n{rule}\\n{case}\\n",
            "情况:{case}\\n规定:{rule}\\n",
            "我们的规定:{rule}\\n发生的事:{case}\\n允许吗?\\n",
            "请审核。\\n- 规定:{rule}\\n- 情况:{case}\\n",
            "{rule}现在的情况是:{case}符合规定吗?\\n",
            "你怎么决定?{case}\\n\\n{rule}\\n",
            "【规定】{rule}\\n【情况】{case}\\n",
            "制度:{rule}\\n申请:{case}\\n请给出结论。\\n",
            "店员报告:{case}制度写着:{rule}能不能通过?\\n",
            "{case}\\n按照规定行不行?规定如下:{rule}\\n",
            "先看规定:{rule}\\n再看情况:{case}\\n然后决定。\\n",
            "条款:{rule}\\n事实:{case}\\n请比较两者。\\n",
            "符合不符合规定?\\n规定:{rule}\\n情况:{case}\\n",
        ),
    },
}
NOISE = {
    "en": (
        *("", "", "", "", "", "", "", "", ""),
        " [It|This] is [request|case|form] {k}[ today| of this week|].",
        " The [file|case|record] number is {k}.",
        " {m} asks for an answer by {d}.",
        " {m} [agrees|does not mind|knows about it|has signed].",
        " [The clerk|The colleague] is {m}.",
        " [Please|Kindly] answer by {d}.",
        " It was [reported|noted] by {m} on {d}.",
        " {m} [has seen it|was there|can confirm it].",
        " [Page|Form|Folder] {k} has the details.",
    ),
    "zh": (
        *("", "", "", "", "", "", "", ""),
        "这是[今天|本周]第{k}个[申请|单子]。",
        "[文件|单据|档案]编号是{k}。",
        "{m}希望{d}前得到答复。",
        "{m}[已经同意|知道这件事|没有意见|签了字]。",
        "[经办人|负责的同事]是{m}。",
        "请在{d}前答复。",
        "这是{m}{d}报上来的。",
        "{m}[在场|可以作证|看到了]。",
        "[详情|说明]见第{k}页。",
    ),
}
