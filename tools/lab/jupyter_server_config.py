"""Answers go out at once.

Jupyter Server leaves Nagle's algorithm on (RFC 896): what follows a small packet waits until the
other side has confirmed that one, which Linux does 40 ms later (tcp(7), TCP_QUICKACK). A kernel
answers a slider with a small "busy" first, then with the picture.
"""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class AtOnce(ZMQChannelsWebsocketConnection):
    """The way of messages between a page and a kernel, without waiting."""

    def connect(self):
        """Connect the page with its kernel."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c = get_config()  # noqa: F821, given by Jupyter
c.ServerApp.kernel_websocket_connection_class = AtOnce
load_subconfig("saved_pictures.py")  # noqa: F821, given by Jupyter
