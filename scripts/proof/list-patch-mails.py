"""List the Message-IDs of the patch mails of a public-inbox v2 mirror, with Python's own mail parser: a second opinion.

usage: list-patch-mails.py MIRROR SINCE UNTIL

A patch mail has a subject with [...PATCH...] that begins with neither Re: nor Fwd:, and a line `diff --git ` at its beginning.
"""
import datetime
import email
import email.policy
import os
import re
import subprocess
import sys

mirror, since, until = sys.argv[1:]
begin, end = (datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.timezone.utc).timestamp() for day in (since, until))
for epoch in sorted(os.listdir(os.path.join(mirror, "git"))):
    repository = os.path.join(mirror, "git", epoch)
    log = subprocess.run(["git", "-C", repository, "log", "--format=%H %at", "--reverse"], capture_output=True, text=True, check=True)
    commits = [line.split()[0] for line in log.stdout.splitlines() if begin <= int(line.split()[1]) < end]
    batch = subprocess.Popen(["git", "-C", repository, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for commit in commits:
        batch.stdin.write(f"{commit}:m\n".encode())
        batch.stdin.flush()
        header = batch.stdout.readline().split()
        if header[-1] == b"missing":
            continue
        raw = batch.stdout.read(int(header[2]) + 1)
        mail = email.message_from_bytes(raw, policy=email.policy.compat32)
        subject = re.sub(r"\s+", " ", str(mail.get("Subject", ""))).strip()
        if re.match(r"(?i)(re|fwd?|aw)\s*:", subject) or not re.match(r"\[[^\]]*\bPATCH", subject):
            continue
        bodies = [part.get_payload(decode=True) or b"" for part in mail.walk() if part.get_content_maintype() == "text"]
        if any(re.search(rb"(?m)^diff --git ", body) for body in bodies):
            print(re.sub(r"[<>\s]", "", mail.get("Message-ID", "")))
    batch.stdin.close()
    batch.wait()
