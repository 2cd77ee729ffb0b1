#!/bin/sh
# First process of a sandbox, in a mount and a pid namespace of its own: shows what the table of mounts says and no more, runs
# a command as a child, and waits for it and for all that lose their parent.
#   enter.sh <new root> <table in the form of fstab> <working folder in it> <cgroup.procs or ''> <command> [argument…]
# Standard input: more arguments of the command, each as a line "=text" with \\ for a backslash and \n for a line feed; then the
# line "go". They are not given as arguments of this script, since those of any process can be read by every user of the host.
# File 3 is told: "init <pid>", "ready", "ended <status>", and what failed. File 4 is for the command.
new_root=$1 table=$2 folder=$3 cgroup=$4
shift 4

# What this shell and its tools say goes to file 3; file 4 is the standard error of the command.
exec 2>&3

# The /proc of the host is still there and knows this process by the number that the host uses.
read -r pid rest </proc/self/stat
echo "init $pid" >&3

if [ -n "$cgroup" ]; then exec 5>"$cgroup" || exit 1; fi
mount -a -T "$table" >&3 || exit 1
cd "$new_root" || exit 1
pivot_root . . || exit 1
umount -l . || exit 1
cd "$folder" || exit 1
umask 022
ulimit -c 0
ulimit -n 1024

# Who started us may be gone by now; then nobody answers.
echo ready >&3
while IFS= read -r line; do
  [ "$line" = go ] && break
  line=${line#=}
  case $line in
    *\\*)
      # The dot keeps line feeds at the end.
      line=$(printf '%b.' "$line")
      line=${line%.}
      ;;
  esac
  set -- "$@" "$line"
  line=
done
[ "$line" = go ] || exit 1
(
  if [ -n "$cgroup" ]; then echo 0 >&5 || exit 125; fi
  exec "$@" </dev/null 2>&4 3>&- 4>&- 5>&-
)
echo "ended $?" >&3
