"""How vim, nvim, nano and emacs are told to leave no copy of what they edit: no swap, backup, undo or history files.

The options stand on the command line and act after the user's own configuration, which otherwise stays in force.
Sources: vim's `:help startup` and `:help autocmd-events`, nano(1), the Emacs manual on "Initial Options" and
"Auto Save".
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

ASKED_SECONDS = 5
"""How long a program named `vi` may take to say what it is."""


class Family(StrEnum):
    """The editors whose copies can be turned off."""

    VIM = "vim"
    NVIM = "nvim"
    NANO = "nano"
    EMACS = "emacs"


_FAMILIES = {
    Family.VIM: ("vim", "rvim", "gvim", "rgvim", "gview", "rgview", "evim", "vimx", "mvim", "vimdiff", "gvimdiff"),
    Family.NVIM: ("nvim",),
    Family.NANO: ("nano", "rnano"),
    Family.EMACS: ("emacs",),
}
_FAMILY_OF = {name: family for family, names in _FAMILIES.items() for name in names}

_MAYBE_VIM = {"vi", "view", "rview", "ex"}
"""Names that vim shares with nvi, busybox and others; the program itself is asked."""

_WAITING = {
    "code": "--wait",
    "code-insiders": "--wait",
    "code-oss": "--wait",
    "codium": "--wait",
    "vscodium": "--wait",
    "cursor": "--wait",
    "windsurf": "--wait",
    "atom": "--wait",
    "sublime_text": "--wait",
    "xed": "--wait",
    "idea": "--wait",
    "pycharm": "--wait",
    "subl": "--wait",
    "zed": "--wait",
    "mate": "--wait",
    "bbedit": "--wait",
    "gedit": "--wait",
    "kate": "--block",
}
"""Editors with windows that return at once unless told to wait, and how they are told."""

# vim and nvim know only one of `viminfofile` and `shadafile` each, and a tiny vim neither, nor undo files: `silent!`.
_VIM_SETTINGS = " | ".join(
    (
        "set nobackup nowritebackup noswapfile nomodeline patchmode=",
        "silent! set noundofile",
        "silent! set viminfo=",
        "silent! set viminfofile=NONE",
        "silent! set shadafile=NONE",
    )
)
# In a group of its own, so that a bare `autocmd!` in a vimrc does not clear it.
_VIM_BEFORE_CONFIG = (
    f"{_VIM_SETTINGS} | augroup eyamlgpg | augroup END | "
    "autocmd eyamlgpg BufReadPre,BufNewFile * setlocal noswapfile nomodeline | silent! setlocal noundofile"
)
# Autocommands run in the order in which they were made: this one after the user's.
_VIM_AFTER_CONFIG = f"{_VIM_SETTINGS} | autocmd eyamlgpg BufWritePre,VimLeavePre * {_VIM_SETTINGS}"
_VIM_OPTIONS = ("-n", "-i", "NONE", "--cmd", _VIM_BEFORE_CONFIG, "-c", _VIM_AFTER_CONFIG)

# As a function that is called again at each later chance for a hook of the user's to turn something on.
_EMACS_LISP = """
    (progn
      (defun eyamlgpg-leave-no-copies (&rest _)
        (setq make-backup-files nil auto-save-default nil auto-save-list-file-prefix nil auto-save-list-file-name nil
              create-lockfiles nil delete-auto-save-files t undo-tree-auto-save-history nil history-delete-duplicates t
              savehist-additional-variables nil savehist-file null-device desktop-save nil)
        (setq-default backup-inhibited t)
        (dolist (mode (quote (savehist-mode desktop-save-mode recentf-mode save-place-mode)))
          (when (and (boundp mode) (symbol-value mode)) (funcall mode -1)))
        (dolist (buffer (buffer-list))
          (with-current-buffer buffer
            (when buffer-file-name (setq backup-inhibited t) (auto-save-mode -1))))
        t)
      (dolist (hook (quote (emacs-startup-hook window-setup-hook find-file-hook before-save-hook)))
        (add-hook hook (quote eyamlgpg-leave-no-copies) 95))
      (dolist (hook (quote (kill-emacs-query-functions kill-emacs-hook)))
        (add-hook hook (quote eyamlgpg-leave-no-copies) -95))
      (eyamlgpg-leave-no-copies))
"""

_OPTIONS: Mapping[Family, tuple[str, ...]] = {
    # -f: a vim with a window stays in the foreground; one without takes it and does nothing.
    Family.VIM: ("-f", *_VIM_OPTIONS),
    Family.NVIM: _VIM_OPTIONS,
    # nano cannot turn single settings of a nanorc off; restricted, it keeps its colours and keys, and no files.
    Family.NANO: ("--restricted",),
    Family.EMACS: ("--no-desktop", "--eval", _EMACS_LISP),
}


def quiet(argv: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The same call with the options that leave no copies, and those that make an editor with windows wait."""
    program, *rest = sensible(argv, environ)
    known = family((program, *rest), environ)
    if known is not None:
        return [program, *_OPTIONS[known], *rest]
    wait = _WAITING.get(Path(program).name)
    if wait is not None and wait not in rest and "-w" not in rest:
        return [program, wait, *rest]
    return [program, *rest]


def waits(argv: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Whether the call, with our options, surely ends only when the user leaves the editor."""
    program, *_ = sensible(argv, environ)
    return Path(program).name in _WAITING or family(argv, environ) is not None


def family(argv: Sequence[str], environ: Mapping[str, str]) -> Family | None:
    """Which of the known editors a call starts, by its name or that of the file behind its links; None for others.

    None also where it only speaks to an editor that already runs (`vim --remote`, emacsclient): that one was started
    without our options.
    """
    program, *rest = sensible(argv, environ)
    if any(word.startswith(("--remote", "--server")) for word in rest):
        return None
    found = shutil.which(program, path=environ.get("PATH"))
    # What is behind the name goes first: `vim` may well be a link to nvim.
    names = [Path(program).name] if found is None else [Path(os.path.realpath(found)).name, Path(program).name]
    for name in names:
        # vim.basic, vim-enhanced, emacs-nox, emacs-29.1, nano-tiny
        known = _FAMILY_OF.get(re.split(r"[.-]", name)[0])
        if known is not None:
            return known
    if found is not None and _MAYBE_VIM.intersection(names) and _says_it_is_vim(found):
        return Family.VIM
    return None


def sensible(argv: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The call that Debian's `sensible-editor` script would make, so that it can be recognised; others as they are."""
    program, *rest = argv
    if Path(program).name != "sensible-editor":
        return [program, *rest]
    try:
        chosen = (Path(environ.get("HOME", "/")) / ".selected_editor").read_text(errors="replace")
    except OSError:
        chosen = ""
    selected = re.search(r'^SELECTED_EDITOR="?([^"\n]+)"?$', chosen, re.MULTILINE)
    if selected is not None:
        return [*shlex.split(selected[1]), *rest]
    if shutil.which("editor", path=environ.get("PATH")) is not None:
        return ["editor", *rest]
    return [program, *rest]


def _says_it_is_vim(program: str) -> bool:
    """Ask a program by `--version`, with nothing to read from, so that it cannot start to edit."""
    try:
        answer = subprocess.run(
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ASKED_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.startswith(b"VIM - Vi IMproved")
