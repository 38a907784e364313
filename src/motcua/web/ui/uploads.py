"""A limit to what a request may leave on the disk: a larger file is passed over while it comes in."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MOST_BYTES = 25 * 1024 * 1024


class BoundedUpload(FileUploadHandler):
    """Stands before Django's own handlers; a file past the limit is missing from ``request.FILES``."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they came
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand the chunk on; raises ``SkipFile`` past the limit, and the rest is read and forgotten."""
        self._received += len(raw_data)
        if self._received > MOST_BYTES:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind this one."""
