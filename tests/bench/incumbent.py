"""What stands in the place of this program in many houses: an hourly script that lists names.

It asks for each page of _catalog, then for the tags of each repository, one after the other and each with a session of its
own, as the scripts do that this one was measured beside, and writes a page of links for each repository and one of all. No
date, size, platform or digest. `python3 incumbent.py <origin> <folder>`.
"""
import sys
from pathlib import Path

import requests

PAGE = "<!doctype html><title>{title}</title><h1>{title}</h1><ul>\n{items}\n</ul>\n"


def ask(url):
    with requests.Session() as session:
        response = session.get(url, timeout=600)
        response.raise_for_status()
        return response


def list_all(origin, path, field):
    entries = []
    while path is not None:
        response = ask(origin + path)
        entries += response.json()[field] or []
        path = response.links.get("next", {}).get("url")
    return entries


def write_page(folder, title, items):
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join(f"<li>{item}</li>" for item in items)
    (folder / "index.html").write_text(PAGE.format(title=title, items=text))


origin, folder = sys.argv[1], Path(sys.argv[2])
images = sorted(list_all(origin, "/v2/_catalog", "repositories"))
for image in images:
    write_page(folder / image / "tags", image, list_all(origin, f"/v2/{image}/tags/list", "tags"))
write_page(folder, "Images", (f'<a href="/{image}/tags/">{image}</a>' for image in images))
