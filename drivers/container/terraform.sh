# Runs Terraform code once: ACTION is create or destroy. It is for any POSIX shell; nothing else but the engine is needed.
set -u
umask 022 # the sidecar, which is another user, reads the state
own="$SLIPWAY_FOLDER"
child=""
stopping=""
# The engine is told to stop, and finishes what it has begun.
trap 'stopping=yes; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM INT

# step runs the engine and waits for it, also when a signal comes in between.
step() {
  echo "> $SLIPWAY_ENGINE $1"
  "$SLIPWAY_ENGINE" "$@" 2>"$own/stderr.txt" &
  child=$!
  code=0
  while :; do
    wait "$child"
    code=$?
    kill -0 "$child" 2>/dev/null || break
  done
  child=""
  cat "$own/stderr.txt" >&2
  [ "$code" -eq 0 ] && [ -z "$stopping" ] && return 0
  [ -s "$own/stderr.txt" ] && cat "$own/stderr.txt" >"$ERROR_FILE"
  [ -s "$own/stderr.txt" ] || echo "$SLIPWAY_ENGINE $1 ended with exit code $code" >"$ERROR_FILE"
  exit 1
}

refuse() {
  echo "$1" >&2
  echo "$1" >"$ERROR_FILE"
  exit 1
}

command -v "$SLIPWAY_ENGINE" >/dev/null 2>&1 || refuse "the image has no $SLIPWAY_ENGINE on its PATH; name another with runner.image"
cd "$SCRIPTS_DIRECTORY" || refuse "there is no folder $SCRIPTS_DIRECTORY"
export TF_IN_AUTOMATION=1 TF_DATA_DIR="$own/data"
[ "$SLIPWAY_STATE" != kept ] || unset TF_WORKSPACE
step init -input=false -no-color

# What init has written tells which backend the code configures. One on the disk of the pod would lose the state with the pod.
backend="$TF_DATA_DIR/terraform.tfstate"
[ -f "$backend" ] || unset TF_WORKSPACE
if [ "$SLIPWAY_STATE" = own ]; then
  [ -f "$backend" ] || refuse "use_default_backend is false, and the code configures no backend: its state would be lost with the pod; add a backend to the code, or let Slipway keep the state"
  tr -d ' \n' <"$backend" | grep -q '"backend":{"type":"local"' &&
    refuse "use_default_backend is false, and the backend of the code is a file of the pod: the state would be lost with it; use another backend, or let Slipway keep the state"
fi

if [ "$ACTION" = destroy ]; then
  step destroy -input=false -no-color -auto-approve -lock-timeout=2m
  exit 0
fi
step apply -input=false -no-color -auto-approve -lock-timeout=2m
echo "> $SLIPWAY_ENGINE output"
"$SLIPWAY_ENGINE" output -no-color -json >"$OUTPUTS_FILE" 2>"$ERROR_FILE" || exit 1
