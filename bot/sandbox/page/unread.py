"""What each person has seen of each channel and thread."""

from bot.sandbox.model import Channel, Post


class Seen:
    """Times of the newest message that somebody has seen, by place."""

    def __init__(self) -> None:
        self._channels: dict[tuple[str, str], str] = {}
        self._threads: dict[tuple[str, str, str], str] = {}

    def read(self, person: str, channel: Channel, ts: str) -> None:
        """Everything up to this message was seen: of its thread for a reply, else of the channel."""
        post = channel.posts.get(ts)
        if post is not None and post.is_reply:
            key = person, channel.id, post.root_ts
            self._threads[key] = max(ts, self._threads.get(key, ""))
        if post is None or not post.is_reply or post.broadcast:
            place = person, channel.id
            self._channels[place] = max(ts, self._channels.get(place, ""))

    def unread(self, person: str, channel: Channel) -> int:
        """How many messages of others are new; replies count in their threads."""
        last = self._channels.get((person, channel.id), "")
        count = 0
        for post in reversed(channel.posts.values()):
            if post.ts <= last:
                break
            count += post.user != person and (not post.is_reply or post.broadcast)
        return count

    def unread_threads(self, person: str, channel: Channel) -> dict[str, int]:
        """How many replies of others are new, by the thread they are in."""
        new: dict[str, int] = {}
        for post in channel.posts.values():
            if post.user != person and self._is_new_reply(person, post):
                new[post.root_ts] = new.get(post.root_ts, 0) + 1
        return new

    def _is_new_reply(self, person: str, post: Post) -> bool:
        return post.is_reply and post.ts > self._threads.get((person, post.channel, post.root_ts), "")
