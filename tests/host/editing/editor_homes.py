"""Home folders of people who want their editor to remember everything, and how each editor is driven."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SECRET = "Tr0ub4dor-and-3-staples"
PLAINTEXT = f"---\nfirst: line\npassword: {SECRET}\nlast: line\n"
EDITED = PLAINTEXT.replace(SECRET, f"{SECRET}-and-more")

ESCAPE, RETURN = "\x1b", "\r"


@dataclass(frozen=True)
class Rehearsal:
    """An editor, the configuration that makes it keep copies, and the keys of one session."""

    program: str
    config: Mapping[str, str]
    keys: tuple[str, ...]
    unsaved: tuple[str, ...]
    arguments: str = ""
    """Between the program and the file, in $EDITOR."""

    def home(self, folder: Path) -> Path:
        """Lay the configuration into a home folder."""
        for name, text in self.config.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if name.endswith("/.keep"):
                continue
            file.write_text(text.replace("HOME", str(folder)))
        return folder


VIM_CONFIG = """
autocmd!
set nocompatible modeline undofile backup writebackup swapfile updatecount=1 updatetime=50 patchmode=.orig
set undodir=HOME/state/undo backupdir=HOME/state/backup directory=HOME/state/swap
autocmd BufReadPost * setlocal undofile
autocmd BufWritePre * set backup
"""
VIM_KEYS = (f"/{SECRET}{RETURN}", "yy", f"A-and-more{ESCAPE}", f":w{RETURN}", f":q{RETURN}")
FOLDERS = {f"state/{name}/.keep": "" for name in ("undo", "backup", "swap")}

VIM = Rehearsal(
    program="vim",
    config={".vimrc": VIM_CONFIG + "set viminfo='100,<50,s10,h,n~/state/info\nset history=50\n", **FOLDERS},
    keys=VIM_KEYS,
    unsaved=(f"/{SECRET}{RETURN}", f"A-unsaved{ESCAPE}"),
)
NVIM = Rehearsal(
    program="nvim",
    config={
        ".config/nvim/init.vim": VIM_CONFIG + "set shada='100,<50,s10,h\nset shadafile=HOME/state/shada\n",
        **FOLDERS,
    },
    keys=VIM_KEYS,
    unsaved=VIM.unsaved,
)
NANO_CONFIG = """
set backup
set backupdir "HOME/state/backup"
set historylog
set positionlog
set locking
"""
NANO = Rehearsal(
    program="nano",
    config={
        ".config/nano/nanorc": NANO_CONFIG,
        ".local/share/nano/.keep": "",
        **FOLDERS,
    },
    keys=(f"\x17{SECRET}{RETURN}", "\x05", "-and-more", f"\x0f{RETURN}", "\x18"),
    unsaved=(f"\x17{SECRET}{RETURN}", "\x05", "-unsaved"),
)
EMACS = Rehearsal(
    program="emacs",
    arguments="-nw",
    config={
        ".emacs.d/init.el": """
(setq inhibit-startup-screen t auto-save-interval 20 auto-save-timeout 1
      backup-directory-alist '(("." . "HOME/state/backup"))
      auto-save-file-name-transforms '((".*" "HOME/state/swap/" t))
      desktop-path '("HOME/state") desktop-save t desktop-globals-to-save '(kill-ring search-ring)
      savehist-file "HOME/state/history" savehist-additional-variables '(kill-ring search-ring)
      savehist-autosave-interval 1)
(desktop-save-mode 1) (recentf-mode 1) (save-place-mode 1)
(add-hook 'emacs-startup-hook #'savehist-mode)
""",
        **FOLDERS,
    },
    keys=(f"\x13{SECRET}{RETURN}", "\x05-and-more", "\x01\x0b\x19", "\x18\x13", "\x18\x03"),
    unsaved=(f"\x13{SECRET}{RETURN}", "\x05-unsaved"),
)
REHEARSALS = (VIM, NVIM, NANO, EMACS)
