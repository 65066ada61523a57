all:
        echo
