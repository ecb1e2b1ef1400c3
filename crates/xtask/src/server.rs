//! A running `rapport` with a small company in it, for stories and benchmarks.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};

use crate::tool::Tool;

/// How long making, importing and training the small company may take, in a debug build on a
/// busy machine.
const PATIENCE: Duration = Duration::from_mins(10);
const LOG: &str = "server.log";

/// A running program that is stopped when dropped.
#[derive(Debug)]
pub(crate) struct Process(Child);

/// A server with its own data directory, which is deleted when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    /// Taken when dropped, so that it ends before its folder goes.
    process: Option<Process>,
    folder: PathBuf,
    login: Login,
}

/// What `rapport demo --json` says when it is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Login {
    /// With scheme, without a closing slash.
    pub(crate) url: String,
    pub(crate) email: String,
    pub(crate) password: String,
}

impl Process {
    /// Starts `rapport serve` on a data directory that exists and waits until it is ready.
    pub(crate) fn serve(binary: &Path, data: &Path, log: &Path) -> Result<Self> {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        Self::serve_at(address, binary, data, log)
    }

    /// The same at a given address.
    pub(crate) fn serve_at(
        address: SocketAddr,
        binary: &Path,
        data: &Path,
        log: &Path,
    ) -> Result<Self> {
        let rapport = Tool::new(binary).arg("--data-dir").arg(data);
        Self::serve_with(rapport, address, log)
    }

    /// The same, by a program that was told where its data is.
    pub(crate) fn serve_with(rapport: Tool, address: SocketAddr, log: &Path) -> Result<Self> {
        let process = Self::start(rapport, address, log)?;
        wait_until_ready(address).with_context(|| said(log))?;
        Ok(process)
    }

    /// The same, without waiting. Its log is written after that of the processes before it.
    pub(crate) fn start(rapport: Tool, address: SocketAddr, log: &Path) -> Result<Self> {
        let serve = rapport.args(["serve", "--listen", &address.to_string()]);
        Self::spawn(serve, Stdio::null(), log)
    }

    fn spawn(tool: Tool, stdout: Stdio, log: &Path) -> Result<Self> {
        let file = File::options().create(true).append(true).open(log);
        let file = file.with_context(|| format!("opening {}", log.display()))?;
        let mut command = tool.into_command();
        let child = command.stdout(stdout).stderr(file).spawn();
        Ok(Self(
            child.with_context(|| format!("starting {command:?}"))?,
        ))
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when the process has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// Starts `rapport demo` with a made-up company and waits until it is ready. `folder` is
    /// wiped and holds its data and its log.
    pub(crate) fn start(rapport: Tool, folder: &Path, n_customers: u32) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("emptying {}", folder.display()))?;
        }
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        let log = folder.join(LOG);
        let demo = rapport
            .args(["demo", "--json", "--customers", &n_customers.to_string()])
            .args(["--listen", &format!("127.0.0.1:{}", free_port()?)])
            .arg("--data-dir")
            .arg(folder.join("data"));
        let mut process = Process::spawn(demo, Stdio::piped(), &log)?;
        let stdout = process.0.stdout.take().expect("standard output is a pipe");

        let ready = || -> Result<Login> {
            let login = Login::parse(&first_object(stdout, PATIENCE)?)?;
            wait_until_ready(login.socket_address()?)?;
            Ok(login)
        };
        let login = ready().with_context(|| said(&log))?;
        Ok(Self {
            process: Some(process),
            folder: folder.to_owned(),
            login,
        })
    }

    pub(crate) fn login(&self) -> &Login {
        &self.login
    }

    /// The file of its log.
    pub(crate) fn log_file(&self) -> PathBuf {
        self.folder.join(LOG)
    }

    /// The last lines of its log, to print when something failed.
    pub(crate) fn log(&self) -> String {
        said(&self.log_file())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.take());
        // What cannot be deleted is wiped by the next start.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A port that was free a moment ago; the system does not hand it out again at once.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("asking for a free port")?;
    Ok(listener.local_addr()?.port())
}

/// Waits until the server at an address answers that it is ready.
pub(crate) fn wait_until_ready(address: SocketAddr) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if is_ready(address) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(10));
    }
    bail!(
        "http://{address}/readyz was not ready within {} s",
        PATIENCE.as_secs()
    )
}

/// The first line that is a JSON object. What follows is read and dropped, so that the server
/// never waits for us.
fn first_object(stdout: impl Read + Send + 'static, patience: Duration) -> Result<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if line.trim_start().starts_with('{') {
                // After the first one nobody listens.
                let _ = sender.send(line);
            }
        }
    });
    receiver
        .recv_timeout(patience)
        .map_err(|error| match error {
            mpsc::RecvTimeoutError::Timeout => {
                anyhow!(
                    "`rapport demo --json` printed no login within {} s",
                    patience.as_secs()
                )
            }
            mpsc::RecvTimeoutError::Disconnected => {
                anyhow!("`rapport demo --json` ended before it was ready")
            }
        })
}

impl Login {
    fn parse(line: &str) -> Result<Self> {
        let object: serde_json::Value =
            serde_json::from_str(line).with_context(|| format!("reading `{line}`"))?;
        let text = |name: &str| {
            object[name]
                .as_str()
                .map(str::to_owned)
                .with_context(|| format!("`{name}` is missing in `{line}`"))
        };
        let address = text("address")?;
        let address = address.trim_end_matches('/');
        let url = if address.contains("://") {
            address.to_owned()
        } else {
            format!("http://{address}")
        };
        Ok(Self {
            url,
            email: text("email")?,
            password: text("password")?,
        })
    }

    pub(crate) fn socket_address(&self) -> Result<SocketAddr> {
        let (_, host) = self.url.split_once("://").expect("the url has a scheme");
        host.parse()
            .with_context(|| format!("`{}` is no address with a port", self.url))
    }
}

fn is_ready(address: SocketAddr) -> bool {
    let answer = || -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let request =
            format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut start = vec![0; 12];
        stream.read_exact(&mut start)?;
        Ok(start)
    };
    answer().is_ok_and(|start| start.ends_with(b" 200"))
}

/// The end of a server's log.
fn said(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = text.unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let end = lines[lines.len().saturating_sub(40)..].join("\n");
    format!("the server's last lines:\n{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_is_read_with_or_without_a_scheme() {
        let line = |address: &str| {
            format!(
                r#"{{"address":"{address}","email":"a@example.com","password":"secret","n":1}}"#
            )
        };

        for address in [
            "127.0.0.1:8080",
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8080/",
        ] {
            let login = Login::parse(&line(address)).unwrap();

            assert_eq!(login.url, "http://127.0.0.1:8080");
            assert_eq!(login.socket_address().unwrap().port(), 8080);
            assert_eq!(login.email, "a@example.com");
        }
    }

    #[test]
    fn login_without_password_is_refused() {
        let error = Login::parse(r#"{"address":"127.0.0.1:1","email":"a"}"#).unwrap_err();

        assert!(
            error.to_string().contains("`password` is missing"),
            "{error}"
        );
    }

    #[test]
    fn login_is_the_first_object_that_is_printed() {
        let printed = "building\n\n{\"address\":\"a\"}\n{\"later\":1}\n";

        let line = first_object(printed.as_bytes(), Duration::from_secs(5)).unwrap();

        assert_eq!(line, "{\"address\":\"a\"}");
    }

    #[test]
    fn server_that_ends_early_is_not_waited_for() {
        let error = first_object("no space left\n".as_bytes(), PATIENCE).unwrap_err();

        assert!(
            error.to_string().contains("ended before it was ready"),
            "{error}"
        );
    }

    #[test]
    fn readiness_is_a_200() {
        let answered_with = |status: &'static str| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let server = thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 512];
                let n = stream.read(&mut request).unwrap();
                assert!(request[..n].starts_with(b"GET /readyz"));
                // In one piece: the caller closes as soon as it has read the status.
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).unwrap();
            });
            let is_ready = is_ready(address);
            server.join().unwrap();
            is_ready
        };

        assert!(answered_with("200 OK"));
        assert!(!answered_with("503 Service Unavailable"));
    }
}
