//! The page that stands in for a web app that could not be built.

use std::{fs, io, path::Path};

/// Writes `index.html` with the reason and the command that mends it. No script and no inline
/// style, so that it passes the server's content security policy.
pub(crate) fn write(folder: &Path, reason: &str) -> io::Result<()> {
    let reason = escape(reason);
    let page = format!(
        r#"<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Rapport: web app not built</title></head>
<body>
<h1>The web app is not in this binary</h1>
<p>The server and its API run; only the screens are missing. The reason:</p>
<pre>{reason}</pre>
<p>Install Node.js 20.19 or newer, then build again:</p>
<pre>RAPPORT_UI=require cargo build --release</pre>
<p lang="zh">此程序未包含网页界面。请安装 Node.js 20.19 或更新版本，然后用上面的命令重新构建。</p>
</body>
</html>
"#
    );
    fs::write(folder.join("index.html"), page)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
