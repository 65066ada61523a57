"""
Runs the check commands of `b4 review` on a thread, by b4's own code, in the current directory as the top of the tree.

Reads an mbox; prints {"b4": version, "commands": [...], "perpatch": {message-id: results}, "series": results} as JSON. Patches and
cover letter are told apart as b4/review_tui/_common.py _fetch_and_check() does it.

usage: b4-review.py MBOX
"""
import argparse
import json
import mailbox
import sys

import b4
from b4.review import checks


def main() -> None:
    b4.setup_config(argparse.Namespace(config=None))
    box = mailbox.mbox(sys.argv[1], factory=lambda fp: b4.email.message_from_binary_file(fp, policy=b4.emlpolicy))
    cover, patches = None, []
    for msg in box:
        subject = b4.LoreSubject(msg.get('subject', ''))
        msgid = msg.get('message-id', '').strip('<> ')
        if subject.counter == 0 and subject.expected > 0:
            cover = (msgid, msg)
        elif subject.patch and not subject.reply:
            patches.append((msgid, msg))
    perpatch, series = checks.load_check_cmds()
    topdir = b4.git_get_toplevel()
    results = checks.run_perpatch_checks(patches, perpatch, topdir)
    target = cover or patches[0]
    answer = {
        'b4': b4.__VERSION__,
        'commands': [perpatch, series],
        'perpatch': results,
        'series': checks.run_series_checks(target, series, topdir),
    }
    json.dump(answer, sys.stdout)


main()
