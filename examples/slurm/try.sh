#!/usr/bin/env bash
# Tries the scripts here against a real Slurm on one machine, without systemd. Needs Debian 12 or a
# container of it, and root: it installs Debian's packages slurm-wlm and munge, starts their daemons, and stops
# them in the end. OVERSIGHT names the binary; target/release/oversight unless set.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
oversight=$(realpath "${OVERSIGHT:-$here/../../target/release/oversight}")
[ "$(id -u)" = 0 ] || { echo "try.sh must be run as root" >&2; exit 2; }
command -v slurmctld munged > /dev/null || {
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm munge
}

work=$(mktemp -d)
cd "$work"
stop() {
  for pid in slurmd slurmctld munged; do
    [ ! -f "$work/$pid.pid" ] || kill "$(cat "$work/$pid.pid")" || true
  done
  sleep 1
  rm -rf "$work"
}
trap stop EXIT
chmod 755 "$work"
mkdir state spool bin scripts
ln -s "$oversight" bin/oversight
export PATH="$work/bin:$PATH"

# Munge with a key and a socket of its own; it will have them in safe places only.
mkdir munge
(umask 077; head -c 1024 /dev/urandom > munge/key)
munged --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munged.pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed" --force 2> munge/said

# One node, whose CPUs are all there are.
host=$(hostname -s)
cat > slurm.conf <<CONF
ClusterName=try
SlurmctldHost=$host
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
KillWait=2
SchedulerParameters=sched_interval=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=1000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$work/slurm.conf"
slurmctld
slurmd
until sinfo -h -o %T 2> /dev/null | grep -q idle; do sleep 0.2; done
sinfo

# As a user would: two lines edited. Memory is not counted here.
cp "$here"/*.sbatch "$here/submit.sh" scripts/
sed -i 's/^export RUN=.*/export RUN="three_failures --seeds 60 --out '"${work//\//\\/}"'\/results"/; s/^export SHARDS=.*/export SHARDS=3/' scripts/submit.sh
sed -i '/^#SBATCH --mem/d' scripts/*.sbatch
started=$(date +%s)
scripts/submit.sh

shard() { pgrep -f "oversight run three_failures .* --out $work/results .*--shard $1/3" | head -n 1 || true; }
parts() { find results/three_failures/parts -name '*.part' 2> /dev/null | wc -l; }

# The second shard is killed in the middle by -9, and Slurm takes the first away from its node.
until [ "$(parts)" -ge 6 ]; do sleep 0.1; done
kill -9 "$(shard 2)"
echo "shard 2 killed, with $(parts) of 60 seeds done"
array=$(squeue -h -r -o %F -n oversight | head -n 1)
if [ -n "$(shard 1)" ]; then
  scontrol requeue "${array}_1"
  echo "shard 1 requeued by Slurm, with $(parts) of 60 seeds done"
fi
while [ -n "$(squeue -h)" ]; do
  squeue -h -r -o '%K %j %T %r' | grep -q DependencyNeverSatisfied && { squeue; tail -n 5 slurm-*; exit 1; }
  sleep 1
done
echo "all jobs done after $(($(date +%s) - started)) seconds"
tail -n 20 slurm-*

oversight run three_failures --seeds 60 --out whole > /dev/null
diff -r whole/three_failures results/three_failures
echo "the bytes of a run in one go: $(find results/three_failures -type f | wc -l) files"
