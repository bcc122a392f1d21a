"""What the server sends over its socket while a page opens, heard without a browser: a browser is slow, and hears nothing else."""

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

SECONDS = 60


def sent(address: str, page: str, query: str) -> list[bytes]:
    """Every message of one run of a page. address: http://host:port of a server; the panels come all at once, as for a browser that asked for the rest."""
    asked = BackMsg()
    asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
    messages = []
    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(stream, subprotocols=["streamlit"], max_size=None) as socket:
        socket.send(asked.SerializeToString())
        while not messages or not _is_last(messages[-1]):
            messages.append(socket.recv(timeout=SECONDS))
    return messages


def said(messages: list[bytes]) -> set[str]:
    """The pieces of text that messages put on a page."""
    elements = [ForwardMsg.FromString(message).delta.new_element for message in messages]
    return {element.markdown.body or element.html.body or element.heading.body for element in elements}


def _is_last(message: bytes) -> bool:
    told = ForwardMsg.FromString(message)
    return told.WhichOneof("type") == "script_finished" and told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
