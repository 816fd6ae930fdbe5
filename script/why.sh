# Sourced by the scripts beside it: what to say of a command that failed.

# why COMMAND'S-LOG: the reason in words, and the last lines of the log.
why() {
    echo "$(reason_in "$1"). The last lines of $1:"
    tail -n 8 "$1" | cut -c 1-300 | sed 's/^/    /'
}

reason_in() {
    said() { grep -qiE "$1" "$log_read"; }
    log_read=$1
    if said 'no space left on device|ENOSPC|disk quota exceeded'; then
        echo "the disk is full"
    elif said 'do not match the hashes|EINTEGRITY|hash sum mismatch'; then
        echo "what was fetched is not what is locked (its hash differs), so something on the way has changed it"
    elif said 'certificate verify failed|CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|certificate verification failed'; then
        echo "the certificate of the server, or of a proxy before it, is not trusted on this machine"
    elif said 'name resolution|name or service not known|newconnectionerror|network is unreachable|timeouterror|proxyerror|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|E[A-Z]*TIMEDOUT|ENETUNREACH|failure resolving|could not (resolve|connect)|unable to connect'; then
        echo "the server that was asked cannot be reached; is there a network"
    elif said 'no matching distribution|not a supported wheel|EBADPLATFORM'; then
        echo "a package is not to be had for this machine ($(uname -sm)) and its Python; the README says which have them all"
    elif said 'permission denied|EACCES|EPERM|read-only file system|EROFS'; then
        echo "a file may not be written by $(id -un 2> /dev/null || id -u)"
    elif said 'unable to locate package|has no installation candidate|E404|40[34] +(not found|forbidden)'; then
        echo "the server that was asked does not have it"
    elif said 'could not get lock'; then
        echo "another installation is under way on this machine"
    else
        echo "it is not a reason known here"
    fi
}
