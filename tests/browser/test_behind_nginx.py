"""Two dashboards over one store behind nginx, with the very file of the docs: readers behind one address use both, each stays with one."""

import asyncio
import gzip
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import driver
import pytest
from driver import FRAMEWORK, MILLISECONDS, ROOT, TAKING, settled
from visitor import Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx or openssl is not there"),
]
BASE = "/social-prescribing"
READERS = 20
AROUND = """
daemon off; pid {place}/nginx.pid; error_log {place}/error.log; {user}
events {{ worker_connections 512; }}
http {{
    log_format who '$upstream_addr $uid_got$uid_set $status $request_method $uri';
    access_log {place}/access.log who;
    client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/f; uwsgi_temp_path {place}/u; scgi_temp_path {place}/s;
    include {place}/site.conf;
}}
"""
SUBJECT = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def trusted(place):
    """A certificate of our own, and trust in it."""
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *SUBJECT]
    files = ["-keyout", str(place / "site.key"), "-out", str(place / "site.pem")]
    subprocess.run([*new, *files], check=True, capture_output=True)
    return ssl.create_default_context(cafile=str(place / "site.pem"))


@pytest.fixture(scope="module")
def site(place, store, trusted):
    """Two dashboards that take deliveries, nginx before them; the address of the whole."""
    with ExitStack() as running:
        behind = [running.enter_context(driver.serving(store, base=BASE, **TAKING)) for _ in range(2)]
        plain, safe = driver.free_port(), driver.free_port()
        written = {
            "listen 80": f"listen 127.0.0.1:{plain}", "listen 443": f"listen 127.0.0.1:{safe}", "/etc/ssl/journeys.pem": f"{place}/site.pem",
            "/etc/ssl/private/journeys.key": f"{place}/site.key", "$host$request_uri": f"127.0.0.1:{safe}$request_uri",
            "127.0.0.1:8501": urlsplit(behind[0]).netloc, "127.0.0.1:8502": urlsplit(behind[1]).netloc,
        }  # fmt: skip
        words = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
        for old, new in written.items():
            assert old in words, old
            words = words.replace(old, new)
        (place / "site.conf").write_text(words, encoding="utf-8")
        user = "user root;" if place.stat().st_uid == 0 else ""
        (place / "nginx.conf").write_text(AROUND.format(place=place, user=user), encoding="utf-8")
        nginx = subprocess.Popen(["nginx", "-c", str(place / "nginx.conf"), "-e", str(place / "error.log")])
        running.callback(lambda: (nginx.terminate(), nginx.wait(10)))
        _wait_for(safe, nginx, place)
        yield f"https://127.0.0.1:{safe}{BASE}", f"http://127.0.0.1:{plain}"


def _wait_for(port: int, nginx: subprocess.Popen, place: Path) -> None:
    for _ in range(300):
        assert nginx.poll() is None, (place / "error.log").read_text(encoding="utf-8")
        with socket.socket() as tried:
            tried.settimeout(0.1)
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("nginx does not answer")


def asked(trusted, address, method="GET", data=None, **headers):
    """Status, headers and body of one request, whatever the status."""
    request = urllib.request.Request(address, data, {n.replace("_", "-"): v for n, v in headers.items()}, method=method)
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusted), NotFollowed())
    try:
        with opener.open(request, timeout=driver.SECONDS * 2) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers, answer.read()


class NotFollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *given):
        return None


def cookies_of(headers):
    """The cookies that an answer sets, as a browser sends them back."""
    found = SimpleCookie()
    for one in headers.get_all("Set-Cookie") or ():
        found.load(one)
    return {name: morsel.value for name, morsel in found.items()}


async def reader(site, trusted):
    """Opens a page as a browser does: the document first, then the session with the cookies that came with it; then hands over a file."""
    _, headers, _ = await asyncio.to_thread(asked, trusted, f"{site}/Definitions")
    kept = cookies_of(headers)
    _, headers, _ = await asyncio.to_thread(asked, trusted, f"{site}/_stcore/health", Cookie=_said(kept))
    kept |= cookies_of(headers)
    visitor = Visitor(site, "Definitions", {"Cookie": _said(kept)}, trusted)
    await visitor.open()
    try:
        seen = await visitor.look()
        status = await asyncio.to_thread(handed_over, site, trusted, visitor.session, kept)
    finally:
        await visitor.close()
    return kept["journeys_process"], seen, status


def _said(kept):
    return "; ".join(f"{name}={value}" for name, value in kept.items())


def handed_over(site, trusted, session, kept):
    """The status of an upload to a session, larger than what nginx lets through elsewhere. Only the process of the session knows it."""
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        + b"a" * 100_000
        + b"\r\n--x--\r\n"
    )
    more = {"Content_Type": "multipart/form-data; boundary=x", "Cookie": _said(kept)}
    if "_streamlit_xsrf" in kept:
        more["X_Xsrftoken"] = kept["_streamlit_xsrf"]
    return asked(trusted, f"{site}/_stcore/upload_file/{session}/some-file", "PUT", body, **more)[0]


def test_readers_behind_one_address_use_both_processes_and_each_stays_with_one(site, trusted, place):
    async def all_of_them():
        return await asyncio.gather(*(reader(site[0], trusted) for _ in range(READERS)))

    (place / "access.log").write_bytes(b"")  # of whoever came before
    with ThreadPoolExecutor(
        1
    ) as apart:  # a browser that other tests have open keeps a loop of its own running in this thread
        found = apart.submit(lambda: asyncio.run(all_of_them())).result()
    assert [(seen.trouble, seen.n_bytes > 10_000, status) for _, seen, status in found] == [((), True, 204)] * READERS
    lines = [line.split(" ") for line in (place / "access.log").read_text(encoding="utf-8").splitlines()]
    processes = {}
    for upstream, who, *_ in lines:
        if upstream != "-":
            processes.setdefault(who.strip("-"), set()).add(upstream)
    assert len(processes) == READERS and all(len(used) == 1 for used in processes.values())
    assert len(set.union(*processes.values())) == 2


def test_a_browser_looks_downloads_and_meets_nothing_that_is_forbidden(site, browser):
    """The policy for content, the path before every page, a file from the session's own process."""
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 1000})
    page, said = context.new_page(), []
    page.set_default_timeout(MILLISECONDS)
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{site[0]}/Referrals")
    settled(page)
    assert page.locator(".js-plotly-plot .main-svg").count()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").first.click()
    assert Path(download.value.path()).read_text(encoding="utf-8-sig").count("\n") > 5
    page.get_by_role("link", name="Definitions", exact=True).first.click()
    page.wait_for_url(f"{site[0]}/Definitions?**")
    settled(page)
    assert [one for one in said if not FRAMEWORK.search(one)] == []


def test_what_goes_out_is_compressed_and_carries_its_headers(site, trusted):
    _, headers, body = asked(trusted, f"{site[0]}/")
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert headers["Strict-Transport-Security"] and headers["X-Content-Type-Options"] == "nosniff"
    cookies = asked(trusted, f"{site[0]}/_stcore/health")[1].get_all("Set-Cookie")
    assert len(cookies) == 2 and all("secure" in one.lower() for one in cookies)
    script = re.search(rb'src="\.?/?([^"]+\.js)"', body)[1].decode()
    plain = asked(trusted, f"{site[0]}/{script.removeprefix('social-prescribing/')}")[2]
    _, headers, small = asked(trusted, f"{site[0]}/{script}", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip" and gzip.decompress(small) == plain
    assert len(small) < len(plain) / 2


def test_what_is_refused(site, trusted):
    address, plain = site
    assert asked(trusted, f"{address}/", "POST", b"a" * 100_000)[0] == 413
    assert asked(trusted, f"{address}/_stcore/metrics")[0] == 404
    status, headers, _ = asked(trusted, f"{plain}/social-prescribing/Goals?period=all")
    assert (status, headers["Location"]) == (301, f"{address}/Goals?period=all")
    assert asked(trusted, address.removesuffix(BASE) + "/?v=1")[1]["Location"].endswith("/social-prescribing/?v=1")
