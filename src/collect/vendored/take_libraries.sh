#!/bin/sh
# Takes libraries out of the image that modules need and Lambda lacks: `take_libraries.sh <tree> <place>`.
#
# `<place>/provided` has the names of what Lambda brings, `<place>/wanted` those to take; where it is empty, all that the modules in
# the tree need and nobody else brings are taken. They and what they need in turn go to `<place>/lib` under the names they are asked
# for by, their licences to `<place>/lib/licences/<package>`. `<place>/taken` says of each: name, package, version. A wanted name that
# the image does not have goes to `<place>/absent`.
set -u
LC_ALL=C
export LC_ALL
tree=$1
place=$2
mkdir -p "$place/lib"
: >"$place/found"
: >"$place/taken"
: >"$place/absent"

# What the dynamic linker finds for a file outside the tree: lines of name and path.
resolve() {
  ldd "$1" 2>/dev/null | while read -r name arrow path rest; do
    [ "$arrow" = '=>' ] || continue
    case $path in
      "$tree"/*) ;;
      /*) grep -qxF -e "$name" "$place/provided" || echo "$name $path" ;;
    esac
  done
}

walk() {
  for file in "$1"/* "$1"/.[!.]*; do
    if [ -L "$file" ]; then
      continue
    elif [ -d "$file" ]; then
      walk "$file"
    elif [ -f "$file" ]; then
      case $file in *.node | *.so | *.so.[0-9]*) resolve "$file" >>"$place/found" ;; esac
    fi
  done
}

# A library that is loaded by name only, which no module tells of.
search() {
  path=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null | sed -n "s|^[[:space:]]*$1 (.* => ||p" | head -n 1)
  if [ -z "$path" ]; then
    for folder in /lib64 /usr/lib64 /usr/local/lib64 /usr/local/lib /lib /usr/lib; do
      [ -e "$folder/$1" ] && path=$folder/$1 && break
    done
  fi
  echo "$path"
}

# What tells under which terms a package of rpm is given; rpm of Amazon Linux 2 does not know the option.
list_of_rpm() {
  rpm -q --licensefiles "$1" 2>/dev/null | grep '^/' || ls -d /usr/share/licenses/"$1"/* /usr/share/licenses/"$1"-[0-9]*/* 2>/dev/null
}

# The same for any package; where it has nothing of its own, what was built with it tells.
list_licences() {
  if [ "$1" = dpkg ]; then
    echo "/usr/share/doc/$2/copyright"
    return
  fi
  own=$(list_of_rpm "$2")
  if [ -n "$own" ]; then
    echo "$own"
    return
  fi
  source=$(rpm -q --queryformat '%{SOURCERPM}\n' "$2" | head -n 1)
  rpm -qa --queryformat '%{SOURCERPM} %{NAME}\n' | sed -n "s|^$source ||p" | sort -u | while read -r sibling; do
    list_of_rpm "$sibling"
  done
}

# Finds the package of a file: the kind of its manager, its name, its version.
find_owner() {
  real=$(readlink -f "$1")
  if owner=$(rpm -qf --queryformat '%{NAME} %{VERSION}-%{RELEASE}\n' "$real" 2>/dev/null); then
    echo "rpm $owner" | head -n 1
  elif owner=$(dpkg -S "*/${real##*/}" 2>/dev/null | head -n 1) && [ -n "$owner" ]; then
    owner=${owner%%:*}
    echo "dpkg $owner $(dpkg-query -W -f '${Version}' "$owner" 2>/dev/null | head -n 1)"
  fi
}

take() {
  [ -e "$place/lib/$1" ] && return
  cp -L "$2" "$place/lib/$1" && chmod 0644 "$place/lib/$1" || exit 1
  # Of what the shell sets apart: manager, name, version.
  # shellcheck disable=SC2046
  set -- "$1" $(find_owner "$2")
  printf '%s\t%s\t%s\n' "$1" "${3:-}" "${4:-}" >>"$place/taken"
  [ -n "${3:-}" ] || return
  for licence in $(list_licences "$2" "$3"); do
    [ -f "$licence" ] || continue
    mkdir -p "$place/lib/licences/$3"
    cp -L "$licence" "$place/lib/licences/$3/" || exit 1
  done
}

take_all() {
  while read -r name path; do take "$name" "$path"; done
}

command -v ldd >/dev/null || { echo 'lambda-slim: the image has no ldd, which tells what modules need' >&2; exit 1; }
walk "$tree"
sort -u "$place/found" >"$place/sorted"
if [ ! -s "$place/wanted" ]; then
  take_all <"$place/sorted"
  exit 0
fi
while read -r wanted; do
  path=$(sed -n "s|^$wanted ||p" "$place/sorted" | head -n 1)
  [ -n "$path" ] || path=$(search "$wanted")
  if [ -z "$path" ]; then
    echo "$wanted" >>"$place/absent"
    continue
  fi
  take "$wanted" "$path"
  resolve "$path" | take_all
done <"$place/wanted"
