"""Pages under /van-ban/: papers going out, papers coming in, books, checking signatures."""
