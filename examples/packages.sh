# SPDX-License-Identifier: Apache-2.0
# Debian packages, in one place for examples/quickstart.sh and tests/run.sh; read with ".".

# llhttp: the library where Debian has it, in Debian 12 its sources.
case $(cat /etc/debian_version 2>/dev/null) in
  12* | bookworm*) llhttp=node-llhttp ;;
  *) llhttp=libllhttp-dev ;;
esac

# To build and run, and for the replay of the real tickets.
run_packages="gcc libc6-dev cmake ninja-build pkg-config liblua5.4-dev libpcre2-dev libuv1-dev libsqlite3-dev libzstd-dev libpq-dev
  libjansson-dev libsodium-dev libssl-dev libseccomp-dev $llhttp libwslay-dev libcurl4-openssl-dev libjemalloc-dev uthash-dev tzdata
  python3"

# The console is bundled when the program is built. An npm that came with another Node.js is good, and
# does not go with Debian's.
command -v npm >/dev/null || run_packages="$run_packages nodejs npm"

# The package as well, which names the libraries that it needs.
deb_packages="$run_packages dpkg-dev file"

# The tests and the lints as well.
test_packages="$deb_packages postgresql pgbouncer libcmocka-dev python3-pytest python3-hypothesis python3-dateutil
  clang-14 libclang-rt-14-dev clang-format-14 clang-tidy-14 universal-ctags graphviz lua-check curl python3-cryptography python3-jsonschema python3-websockets python3-icalendar openssl python3-aiosmtpd jq nodejs
  python3-aiorpcx strace man-db zsh lintian systemd libseccomp2 debootstrap node-eventsource prometheus chromium fonts-wqy-microhei"

# install_packages NAME...: installs those that are missing, as root or through sudo. Services that
# some of them bring (PostgreSQL, Prometheus) are not started: the tests start their own.
install_packages() {
  local missing="" name as_root="" policy=/usr/sbin/policy-rc.d made="" good=0
  for name in "$@"; do
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" != installed ]; then
      missing="$missing $name"
    fi
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "These packages are missing, and installing them needs root:$missing" >&2
      return 1
    fi
    as_root=sudo
  fi
  echo "Installing:$missing" >&2
  if [ ! -e $policy ]; then
    made=$policy
    printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
    $as_root chmod 755 $policy
  fi
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
    $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get -qq install -y --no-install-recommends $missing >/dev/null || good=1
  [ -z "$made" ] || $as_root rm -f "$made"
  return $good
}
