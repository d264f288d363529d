"""Pure. The keys under which a visitor's session remembers things; no other file names one."""

from __future__ import annotations

# Keys of widgets
LANDMARKS = "setting_landmarks"
MIN_FACE = "setting_min_face_px"
ENGINE = "setting_engine"
LIVE_STYLE = "setting_live_style"
LIVE_MIRROR = "setting_live_mirror"
LIVE_SMOOTH = "setting_live_smooth_s"
LIVE_MIN_FACE = "setting_live_min_face_px"
LIVE_PERSON = "live_person"
VIDEO = "live_video"
FILM_PERSON = "film_person"
FILM_MOMENT = "film_moment_s"
FILM_FRAMES = "film_frames"
FILM_BLUR = "film_blur"
OPERATOR_TOKEN = "operator_token"  # noqa: S105 - the widget's key
HISTORY_VIEW = "history_view"
HISTORY_KINDS = "history_kinds"
HISTORY_SOURCES = "history_sources"
HISTORY_PEOPLE = "history_people"
HISTORY_LOOKS = "history_looks"
HISTORY_TIMED = "history_timed_source"
HISTORY_SIDES = ("history_side_a", "history_side_b")

# Keys of what is remembered between screens: no widget owns them, and `state` alone uses them
ALBUM = "album"
NOTICE_READ = "notice_read"
CAMERA_WANTED = "camera_wanted"
ROUND = "intake_round"
UNFOLDED = "unfolded_photos"
PAINTER = "live_painter"
SHELF = "live_sessions"
DRAWER = "history_drawer"
STUDIO = "video_studio"
REEL = "analysed_videos"
TROUBLE = "live_trouble"
PHOTOS_BEFORE = "live_photos_before"
RELAY_QUESTION = "relay_question"
RELAYS = "relays"
VISITOR = "visitor"
OPERATOR = "operator_is_known"
