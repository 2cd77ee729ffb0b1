#!/bin/sh
# First process of a sandbox, in namespaces of its own for mounts, processes and IPC: shows what the table of mounts says and no
# more, runs a command as a child, and waits for it and for all that lose their parent.
#   enter.sh <new root> <table in the form of fstab> <working folder in it> <most user namespaces below this one, or ''>
#     <cgroup.procs or ''> <another one or ''> <command that gives up powers>
# Standard input: what that command is to run, as the words "NAME=value" of its whole environment, the file, and its arguments,
# each as a line "=text" with \\ for a backslash and \n for a line feed; then the line "go". No process gets them as arguments,
# which every user of the host can read, until the file itself runs.
# File 3 is told: "init <pid>", "ready", "ended <status>", and what failed. File 4 is for the command.
new_root=$1 table=$2 folder=$3 users=$4 cgroup=$5 other=$6
shift 6

# What this shell and its tools say goes to file 3; file 4 is the standard error of the command.
exec 2>&3

# Also for the points that mount makes.
umask 022

# The /proc of the host is still there and knows this process by the number that the host uses.
read -r pid rest </proc/self/stat
echo "init $pid" >&3

# The number is that of the user namespace of this process. In a container, it may be read-only.
if [ -n "$users" ]; then (echo "$users" >/proc/sys/user/max_user_namespaces) 2>/dev/null; fi
if [ -n "$cgroup" ]; then exec 5>"$cgroup" || exit 1; fi
if [ -n "$other" ]; then exec 6>"$other" || exit 1; fi
mount -a -T "$table" >&3 || exit 1
cd "$new_root" || exit 1
pivot_root . . || exit 1
umount -l . || exit 1
cd "$folder" || exit 1
ulimit -c 0
ulimit -n 1024

# Who started us may be gone by now; then nobody answers.
echo ready >&3
count=0 names=
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
  count=$((count + 1))
  export "word_$count=$line"
  names="$names \${word_$count}"
  line=
done
[ "$line" = go ] || exit 1
(
  if [ -n "$cgroup" ]; then echo 0 >&5 || exit 125; fi
  if [ -n "$other" ]; then echo 0 >&6 || exit 125; fi
  # It is `env` that puts in the words. Under their true names, such as LD_PRELOAD, they would act on the tools before it.
  exec "$@" env -i -S "--$names" </dev/null 2>&4 3>&- 4>&- 5>&- 6>&-
)
echo "ended $?" >&3
