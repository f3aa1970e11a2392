"""Has Optuna choose the parameters of a sweep. The argument is the study as JSON; its trials are kept in a SQLite file.

Lines: {"ask": N} answers the next of N trials, {"tell": TRIAL, "value": V} takes down how one has ended.
"""

import importlib.util
import json
import os
import sys

from lines import Lines


def distributions_of(optuna, space):
    """What Optuna is to choose from; a list of values is a choice among their texts."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    chosen = {}
    for part in space:
        if part["fixed"]:
            continue
        if part["kind"] == "list":
            chosen[part["name"]] = CategoricalDistribution(part["choices"])
            continue
        kind = IntDistribution if part["whole"] else FloatDistribution
        cast = int if part["whole"] else float
        step = part.get("step")
        if step is None and part["whole"]:
            step = 1
        chosen[part["name"]] = kind(
            cast(part["low"]),
            cast(part["high"]),
            log=part["log"],
            step=step if step is None else cast(step),
        )
    return chosen


def sampler_of(optuna, name, seed):
    samplers = optuna.samplers
    if name == "tpe":
        return samplers.TPESampler(seed=seed, constant_liar=True)
    return samplers.RandomSampler(seed=seed) if name == "random" else samplers.QMCSampler(seed=seed)


def text_of(value):
    """A value as a command line has it."""
    return value if isinstance(value, str) else json.dumps(value)


def main(wanted):
    lines = Lines()
    try:
        import optuna
    except ImportError:
        lines.missing("optuna")
    from optuna.trial import TrialState

    if wanted["sampler"] == "qmc" and importlib.util.find_spec("scipy") is None:
        lines.missing("scipy")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    folder = os.path.dirname(wanted["file"])
    try:
        os.makedirs(folder, exist_ok=True)
        study = optuna.create_study(
            storage=f"sqlite:///{wanted['file']}",
            study_name="rnnlab sweep",
            direction=wanted["direction"],
            load_if_exists=True,
        )
        if study.direction.name.lower() != wanted["direction"]:
            lines.fail(f"its direction must be {wanted['direction']}, got {study.direction.name.lower()}")
        before = study.get_trials(deepcopy=False)
        # With the same seed again Optuna would draw the same values as at the first time.
        study.sampler = sampler_of(optuna, wanted["sampler"], (wanted["seed"] + len(before)) % 2**32)
    except Exception as error:
        lines.fail(f"it cannot be opened: {str(error).strip().split(chr(10))[0]}")
    distributions = distributions_of(optuna, wanted["space"])
    fixed = {part["name"]: part["choices"][0] for part in wanted["space"] if part["fixed"]}
    known = study.user_attrs.get("space")
    space = json.dumps({name: repr(each) for name, each in distributions.items()}, sort_keys=True)
    if known is not None and known != space:
        lines.fail("its parameters must be those that it was made with; name another file for others")
    study.set_user_attr("space", space)
    lines.say(ready=True)

    begun = set()

    def answer(number, params):
        begun.add(number)
        lines.say(trial=number, parameters={**fixed, **{name: text_of(params[name]) for name in params}})

    def ask(count):
        trials = study.get_trials(deepcopy=False)
        # What was begun and has not ended, because the sweep was stopped, is done anew.
        for trial in trials:
            if trial.state == TrialState.RUNNING and trial.number not in begun:
                if trial.params.keys() == distributions.keys():
                    return answer(trial.number, trial.params)
                study.tell(trial.number, state=TrialState.FAIL)
        if len(trials) >= count:
            return lines.say(trial=None)
        trial = study.ask(distributions)
        return answer(trial.number, trial.params)

    def tell(number, value):
        trials = study.get_trials(deepcopy=False)
        if number >= len(trials):
            lines.fail(f"it must know trial {number}, whose run has ended; is it the study of this sweep?")
        if trials[number].state == TrialState.RUNNING:
            if value is None:
                study.tell(number, state=TrialState.FAIL)
            else:
                study.tell(number, value)
        lines.say(told=number)

    for line in lines:
        try:
            if "ask" in line:
                ask(line["ask"])
            else:
                tell(line["tell"], line["value"])
        except Exception as error:
            lines.fail(f"{type(error).__name__}: {str(error).strip().split(chr(10))[0]}")


main(json.loads(sys.argv[1]))
